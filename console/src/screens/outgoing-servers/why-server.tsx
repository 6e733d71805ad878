import { Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { answer, api } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { Page } from '../../parts/page.tsx';
import { ProblemBar } from '../../parts/problem-bar.tsx';
import { Section } from '../../parts/section.tsx';
import { WhyAnswer } from './why-answer.tsx';

const useStyles = makeStyles({
  form: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: tokens.spacingHorizontalM },
  field: { flex: '1 1 16rem', maxWidth: '30rem' },
  // As high as the label beside it.
  button: { paddingTop: '26px' },
});

/** "Why this server?": which server would send as this From, as whom, and why the others would not. The From is in the address. */
export function WhyServer() {
  const styles = useStyles();
  const { t } = useTranslation('outgoingServers');
  const [query, setQuery] = useSearchParams();
  const from = query.get('from') ?? '';
  const [typed, setTyped] = useState(from);
  const asked = useQuery({
    queryKey: ['/v1/outgoing-servers/resolve', from],
    queryFn: ({ signal }) => answer(api.POST('/v1/outgoing-servers/resolve', { body: { from }, signal })),
    enabled: from !== '',
  });
  const complaint = isProblem(asked.error) ? asked.error.problem.errors?.map(({ detail }) => detail).join(' ') : '';
  return (
    <Page title={t('why')} description={t('whyDescription')} back={{ to: '/', label: t('title') }}>
      <Section>
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            setQuery({ from: typed.trim() });
            if (typed.trim() === from) void asked.refetch();
          }}
        >
          <Field
            className={styles.field}
            label={t('from')}
            {...(complaint && { validationState: 'error', validationMessage: complaint })}
          >
            <Input
              name="from"
              value={typed}
              placeholder="Ada <ada@contoso.com>"
              autoComplete="off"
              spellCheck={false}
              onChange={(_event, { value }) => {
                setTyped(value);
              }}
            />
          </Field>
          <div className={styles.button}>
            <ActionButton type="submit" appearance="primary" icon={<SearchRegular />} isBusy={asked.isFetching}>
              {t('ask')}
            </ActionButton>
          </div>
        </form>
      </Section>
      <div aria-live="polite">
        {asked.error !== null && !complaint && <ProblemBar error={asked.error} />}
        {asked.data && asked.error === null && <WhyAnswer route={asked.data} />}
      </div>
    </Page>
  );
}
