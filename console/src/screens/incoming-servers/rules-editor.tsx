import { Button, Text, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useList } from '../../api/reading.ts';
import { FormBody } from '../../parts/form-body.tsx';
import { Section } from '../../parts/section.tsx';
import type { Form } from '../../parts/use-form.ts';
import { RuleCard } from './rule-card.tsx';
import { newRule, type RuleValues } from './rule-values.ts';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  said: { position: 'absolute', clipPath: 'inset(50%)', width: '1px', height: '1px' },
});

/** The rules in the order in which they are asked. */
export function RulesEditor({ form }: { form: Form<{ readonly rules: readonly RuleValues[] }> }) {
  const styles = useStyles();
  const { t } = useTranslation(['incomingServers', 'words']);
  const [said, setSaid] = useState('');
  const destinations = useList('/v1/destinations', { limit: 200 }).rows ?? [];
  const { rules } = form.values;
  const keep = (changed: readonly RuleValues[]): void => {
    form.set('rules', changed);
  };
  const move = (from: number, by: -1 | 1): void => {
    const [rule, to] = [rules[from], from + by];
    if (rule === undefined || to < 0 || to >= rules.length) return;
    keep(rules.toSpliced(from, 1).toSpliced(to, 0, rule));
    setSaid(t('ruleMoved', { place: to + 1, count: rules.length }));
  };
  return (
    <Section>
      <FormBody
        form={form}
        submitLabel={t('words:save')}
        otherActions={
          <Button
            icon={<AddRegular />}
            onClick={() => {
              keep([...rules, newRule()]);
            }}
          >
            {t('addRule')}
          </Button>
        }
      >
        {rules.length === 0 && <Text>{t('rulesNone')}</Text>}
        <ol className={styles.list} aria-label={t('rules')}>
          {rules.map((rule, place) => (
            <RuleCard
              key={rule.key}
              form={form}
              place={place}
              destinations={destinations}
              onChange={(changed) => {
                keep(rules.with(place, changed));
              }}
              onMove={(by) => {
                move(place, by);
              }}
              onRemove={() => {
                keep(rules.toSpliced(place, 1));
              }}
            />
          ))}
        </ol>
        {rules.length > 0 && <Text>{t('noRuleTakes')}</Text>}
      </FormBody>
      <span role="status" className={styles.said}>
        {said}
      </span>
    </Section>
  );
}
