import { Button, Link, type ButtonProps } from '@fluentui/react-components';
import type { MouseEvent, ReactElement, ReactNode } from 'react';
import { useLocation, useRouter } from 'wouter';

/** What an anchor to a place in the console needs: an address that can be copied, and no load when it is followed. */
function useAnchor(to: string): { href: string; onClick: (event: MouseEvent) => void } {
  const [, navigate] = useLocation();
  const { base } = useRouter();
  const href = to.startsWith('~') ? to.slice(1) : base + to;
  return {
    href,
    onClick(event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      navigate(to);
    },
  };
}

/** A link to a place in the console, as `wouter` names it: from the screen's own base, or with `~/console/...` from all. */
export function LinkTo({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link {...useAnchor(to)} inline>
      {children}
    </Link>
  );
}

/** The same, as a button. */
export function ButtonTo(props: {
  to: string;
  icon?: ReactElement;
  appearance?: NonNullable<ButtonProps['appearance']>;
  children: ReactNode;
}) {
  const { to, icon, appearance = 'secondary', children } = props;
  return (
    <Button as="a" {...useAnchor(to)} appearance={appearance} {...(icon && { icon })}>
      {children}
    </Button>
  );
}
