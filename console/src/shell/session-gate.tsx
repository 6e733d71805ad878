import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
  Text,
} from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/session.ts';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { SignInForm } from '../screens/sign-in/sign-in-form.tsx';
import SignIn from '../screens/sign-in/sign-in.tsx';

/**
 * Lets nobody through but who is signed in. When a session ends while somebody works, what they typed stays, behind the
 * question who they are.
 */
export function SessionGate({ children }: { children: (person: string) => ReactNode }) {
  const { t } = useTranslation('shell');
  const { session, error, retry } = useSession();
  const [person, setPerson] = useState<string>();
  if (session && session.name !== person) setPerson(session.name);
  if (session === undefined && person === undefined) {
    return error === null ? <Spinner aria-label={t('loading')} /> : <ProblemBar error={error} retry={retry} />;
  }
  if (person === undefined) return <SignIn />;
  return (
    <>
      {children(person)}
      <Dialog modalType="alert" open={session === null}>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>{t('sessionEnded')}</DialogTitle>
            <DialogContent>
              <Text block style={{ marginBottom: '1rem' }}>
                {t('sessionEndedDetail')}
              </Text>
              <SignInForm />
            </DialogContent>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    </>
  );
}
