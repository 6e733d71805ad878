import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { components } from '../api/schema.d.ts';
import { Remedy } from './remedy.tsx';
import { Time } from './time.tsx';

export type Cause = components['schemas']['Cause'];

/** Why a thing does not work, since when, who must act, and what to do. */
export function CauseBar(props: { cause: Cause; title: string; intent?: 'error' | 'warning'; actions?: ReactNode }) {
  const { cause, title, intent = 'error', actions } = props;
  const { t } = useTranslation(['parts', 'words']);
  return (
    <MessageBar intent={intent} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle> {cause.detail} ({<Time at={cause.at} />})
        <div>{t('whoActs', { who: t(`words:actor.${cause.actor}`) })}</div>
        {cause.remedy !== undefined && <Remedy text={cause.remedy} />}
      </MessageBarBody>
      {actions !== undefined && <MessageBarActions>{actions}</MessageBarActions>}
    </MessageBar>
  );
}
