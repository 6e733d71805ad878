import { Skeleton, SkeletonItem, makeStyles, tokens } from '@fluentui/react-components';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemBar } from './problem-bar.tsx';

const useStyles = makeStyles({ lines: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM } });

/** What was read, once it is there; until then its outline, and where it cannot be had, why. */
export function Loaded<T>({ from, children }: { from: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (from.data !== undefined) return children(from.data);
  if (from.error !== null) return <ProblemBar error={from.error} retry={() => void from.refetch()} />;
  return <Outline />;
}

/** Where something will stand that is on its way. */
export function Outline({ lines = 4 }: { lines?: number }) {
  const styles = useStyles();
  const { t } = useTranslation('parts');
  return (
    <Skeleton aria-label={t('loading')} className={styles.lines}>
      {Array.from({ length: lines }, (_, index) => (
        <SkeletonItem key={index} size={24} />
      ))}
    </Skeleton>
  );
}
