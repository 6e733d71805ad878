import { Badge } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleRegular } from '@fluentui/react-icons/svg/circle';
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle';
import { WarningRegular } from '@fluentui/react-icons/svg/warning';
import type { ReactNode } from 'react';

const kinds = {
  good: { color: 'success', icon: <CheckmarkCircleRegular /> },
  busy: { color: 'informative', icon: <ArrowSyncRegular /> },
  idle: { color: 'subtle', icon: <CircleRegular /> },
  warning: { color: 'warning', icon: <WarningRegular /> },
  bad: { color: 'danger', icon: <ErrorCircleRegular /> },
} as const;

/** good: works. busy: under way. idle: nothing to do yet. warning: will need somebody. bad: needs somebody now. */
export type StateKind = keyof typeof kinds;

/** How a thing is doing: a word, and for the quick look a colour and a sign. */
export function StateBadge({ kind, children }: { kind: StateKind; children: ReactNode }) {
  const { color, icon } = kinds[kind];
  return (
    <Badge appearance="tint" size="large" color={color} icon={icon} style={{ whiteSpace: 'nowrap' }}>
      {children}
    </Badge>
  );
}
