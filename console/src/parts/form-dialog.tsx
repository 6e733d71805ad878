import {
  Button,
  Dialog,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  type ButtonProps,
} from '@fluentui/react-components';
import { useState, type ReactElement, type ReactNode } from 'react';

/** A button that asks for more than yes or no. What it asks begins anew each time it is opened. */
export function FormDialog(props: {
  label: string;
  icon?: ReactElement;
  appearance?: NonNullable<ButtonProps['appearance']>;
  title: string;
  children: (close: () => void) => ReactNode;
}) {
  const { label, icon, appearance = 'secondary', title, children } = props;
  const [isOpen, setIsOpen] = useState(false);
  const close = (): void => {
    setIsOpen(false);
  };
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(_event, { open }) => {
        setIsOpen(open);
      }}
    >
      <DialogTrigger disableButtonEnhancement>
        <Button appearance={appearance} {...(icon && { icon })}>
          {label}
        </Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>{children(close)}</DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
