import { Tab, TabList, Text } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead, type Answer } from '../../api/reading.ts';
import { currentLocale } from '../../messages/i18n.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Section } from '../../parts/section.tsx';
import { SmallChart } from '../../parts/small-chart.tsx';

type Bucket = Answer<'/v1/statistics'>['buckets'][number];

const periods = ['day', 'week'] as const;
type Period = (typeof periods)[number];

/** What was sent, received and failed over the last day or week. */
export function Traffic() {
  const { t } = useTranslation('overview');
  const [period, setPeriod] = useState<Period>('day');
  const statistics = useRead('/v1/statistics', { params: { query: { period } } }, { every: 60_000 });
  return (
    <Section
      title={t('traffic')}
      actions={
        <TabList
          size="small"
          selectedValue={period}
          onTabSelect={(_event, { value }) => {
            setPeriod(value as Period);
          }}
        >
          {periods.map((each) => (
            <Tab key={each} value={each}>
              {t(`period.${each}`)}
            </Tab>
          ))}
        </TabList>
      }
    >
      <Loaded from={statistics}>
        {({ buckets, complete }) => {
          const groups = period === 'day' ? buckets.map((bucket) => [bucket]) : byDay(buckets);
          const sums = (of: (bucket: Bucket) => number): number[] =>
            groups.map((group) => group.reduce((sum, bucket) => sum + of(bucket), 0));
          return (
            <>
              <SmallChart
                label={`${t('traffic')}, ${t(`period.${period}`)}`}
                times={groups.map(([first]) => nameOf(first, period))}
                series={[
                  { name: t('sent'), kind: 'brand', values: sums(({ sent }) => sent) },
                  { name: t('received'), kind: 'quiet', values: sums(({ received }) => received) },
                  { name: t('failed'), kind: 'bad', values: sums(({ failed, bounced }) => failed + bounced) },
                ]}
              />
              {!complete && <Text size={200}>{t('incomplete')}</Text>}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

/** Hours by the viewer's days. */
function byDay(buckets: readonly Bucket[]): Bucket[][] {
  return [...Map.groupBy(buckets, ({ from }) => new Date(from).toDateString()).values()];
}

function nameOf(bucket: Bucket | undefined, period: Period): string {
  if (bucket === undefined) return '';
  const form =
    period === 'day'
      ? ({ hour: '2-digit', minute: '2-digit' } as const)
      : ({ weekday: 'short', day: 'numeric' } as const);
  return new Intl.DateTimeFormat(currentLocale(), form).format(new Date(bucket.from));
}
