import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { LinkTo } from '../../parts/link-to.tsx';
import type { Step } from './steps.ts';

/** What a step needs from one before it. */
export function NotYet({ needs }: { needs: Step }) {
  const { t } = useTranslation('setUp');
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>
        {t('needs')} <LinkTo to={`/${needs}`}>{t(`step.${needs}.title`)}</LinkTo>
      </MessageBarBody>
    </MessageBar>
  );
}
