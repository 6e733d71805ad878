import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { createContext, use, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button that does it says: a verb. */
  readonly action: string;
}

type Ask = (question: Question) => Promise<boolean>;

const Context = createContext<Ask | undefined>(undefined);

/** Asks before what cannot be undone, and only then. */
export function useConfirm(): Ask {
  const ask = use(Context);
  if (ask === undefined) throw new Error('There is no ConfirmProvider.');
  return ask;
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation('parts');
  const [asked, setAsked] = useState<Question & { answer: (isYes: boolean) => void }>();
  const [isOpen, setIsOpen] = useState(false);
  const ask: Ask = (question) =>
    new Promise((resolve) => {
      setAsked({ ...question, answer: resolve });
      setIsOpen(true);
    });
  const answer = (isYes: boolean): void => {
    asked?.answer(isYes);
    setIsOpen(false);
  };
  return (
    <Context value={ask}>
      {children}
      <Dialog
        modalType="alert"
        open={isOpen}
        onOpenChange={() => {
          answer(false);
        }}
      >
        <DialogSurface>
          <DialogBody>
            <DialogTitle>{asked?.title}</DialogTitle>
            <DialogContent>{asked?.text}</DialogContent>
            <DialogActions>
              <Button
                onClick={() => {
                  answer(false);
                }}
              >
                {t('cancel')}
              </Button>
              <Button
                appearance="primary"
                onClick={() => {
                  answer(true);
                }}
              >
                {asked?.action}
              </Button>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    </Context>
  );
}
