import { Button, Subtitle2, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down';
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Row } from '../../api/reading.ts';
import { isSame, type Form } from '../../parts/use-form.ts';
import { RuleFields } from './rule-fields.tsx';
import type { RuleValues } from './rule-values.ts';

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    margin: 0,
    minWidth: 0,
    padding: tokens.spacingHorizontalL,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  head: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  title: { flexGrow: 1, margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
});

/** One rule: what it asks and what it does, its place among the others, and the way out. */
export function RuleCard(props: {
  form: Form<{ readonly rules: readonly RuleValues[] }>;
  place: number;
  destinations: readonly Row<'/v1/destinations'>[];
  onChange: (rule: RuleValues) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}) {
  const { form, place, destinations, onChange, onMove, onRemove } = props;
  const styles = useStyles();
  const { t } = useTranslation('incomingServers');
  const { claim, sent } = form;
  const rule = form.values.rules[place];
  // What the server said is about the place that the rule had when it was sent.
  const sentPlace = sent?.rules.findIndex(({ key }) => key === rule?.key) ?? -1;
  const claimOwn = useCallback((pointer: string) => claim(`/rules/${sentPlace}${pointer}`), [claim, sentPlace]);
  if (rule === undefined) return null;
  const own: Form<RuleValues> = {
    ...form,
    values: rule,
    set(name, value) {
      onChange({ ...rule, [name]: value });
    },
    sent: sent?.rules[sentPlace],
    complaintAt: (pointer, name = '') =>
      isSame(rule, sent?.rules[sentPlace], name) ? form.complaintAt(`/rules/${sentPlace}${pointer}`) : undefined,
    claim: claimOwn,
  };
  const title = rule.name === '' ? t('rule', { place: place + 1 }) : `${place + 1}. ${rule.name}`;
  return (
    <li>
      <fieldset className={styles.card} aria-label={title}>
        <div className={styles.head}>
          <Subtitle2 as="h2" className={styles.title}>
            {title}
          </Subtitle2>
          <Button
            appearance="subtle"
            icon={<ArrowUpRegular />}
            aria-label={t('ruleUp', { place: place + 1 })}
            disabledFocusable={place === 0}
            onClick={() => {
              onMove(-1);
            }}
          />
          <Button
            appearance="subtle"
            icon={<ArrowDownRegular />}
            aria-label={t('ruleDown', { place: place + 1 })}
            disabledFocusable={place === form.values.rules.length - 1}
            onClick={() => {
              onMove(1);
            }}
          />
          <Button
            appearance="subtle"
            icon={<DeleteRegular />}
            aria-label={t('ruleRemove', { place: place + 1 })}
            onClick={onRemove}
          />
        </div>
        <RuleFields form={own} destinations={destinations} />
      </fieldset>
    </li>
  );
}
