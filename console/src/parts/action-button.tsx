import { Button, Spinner, type ButtonProps } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

/** A button for something that takes a while: it shows that, and cannot be pressed twice, but keeps the focus. */
export function ActionButton(props: {
  isBusy: boolean;
  onClick?: () => void;
  icon?: ReactElement;
  appearance?: NonNullable<ButtonProps['appearance']>;
  size?: NonNullable<ButtonProps['size']>;
  type?: 'button' | 'submit';
  isDisabled?: boolean;
  /** Where what it says does not tell it from its like: in a row of a table. */
  label?: string;
  children: ReactNode;
}) {
  const {
    isBusy,
    onClick,
    icon,
    appearance = 'secondary',
    size = 'medium',
    type = 'button',
    isDisabled = false,
    label,
  } = props;
  return (
    <Button
      type={type}
      appearance={appearance}
      size={size}
      disabledFocusable={isBusy || isDisabled}
      aria-busy={isBusy}
      {...(label !== undefined && { 'aria-label': label })}
      onClick={onClick}
      {...((isBusy || icon) && { icon: isBusy ? <Spinner size="extra-tiny" aria-hidden /> : icon })}
    >
      {props.children}
    </Button>
  );
}
