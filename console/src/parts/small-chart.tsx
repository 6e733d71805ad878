import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';

export interface Series {
  readonly name: string;
  readonly kind: 'brand' | 'quiet' | 'bad';
  readonly values: readonly number[];
}

const useStyles = makeStyles({
  chart: { margin: 0, display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  drawing: { display: 'block', width: '100%', height: '96px' },
  axis: { stroke: tokens.colorNeutralStroke2 },
  brand: { fill: tokens.colorBrandForeground1, backgroundColor: tokens.colorBrandForeground1 },
  quiet: { fill: tokens.colorPaletteTealBorderActive, backgroundColor: tokens.colorPaletteTealBorderActive },
  bad: { fill: tokens.colorStatusDangerForeground1, backgroundColor: tokens.colorStatusDangerForeground1 },
  legend: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalL },
  key: { display: 'inline-block', width: '10px', height: '10px', borderRadius: '2px', marginInlineEnd: '6px' },
  hidden: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
  ends: { display: 'flex', justifyContent: 'space-between', color: tokens.colorNeutralForeground3 },
});

/** A few numbers over time as bars; for who cannot see them, as a table. */
export function SmallChart({
  label,
  times,
  series,
}: {
  label: string;
  times: readonly string[];
  series: readonly Series[];
}) {
  const styles = useStyles();
  const sums = times.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
  const highest = Math.max(1, ...sums);
  const width = 100 / Math.max(1, times.length);
  return (
    <figure className={styles.chart}>
      <svg className={styles.drawing} viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden>
        <line x1="0" x2="100" y1="39.75" y2="39.75" className={styles.axis} strokeWidth="0.5" />
        {times.map((time, at) => {
          let top = 39.5;
          return series.map(({ name, kind, values }) => {
            const value = values[at] ?? 0;
            const height = value === 0 ? 0 : Math.max(1, (value / highest) * 38);
            top -= height;
            return (
              <rect
                key={time + name}
                x={at * width + width * 0.15}
                y={top}
                width={width * 0.7}
                height={height}
                className={styles[kind]}
              />
            );
          });
        })}
      </svg>
      <div className={styles.ends} aria-hidden>
        <span>{times[0]}</span>
        <span>{times.at(-1)}</span>
      </div>
      <figcaption className={styles.legend}>
        {series.map(({ name, kind, values }) => (
          <span key={name}>
            <span className={mergeClasses(styles.key, styles[kind])} />
            {name} <strong>{values.reduce((sum, value) => sum + value, 0)}</strong>
          </span>
        ))}
      </figcaption>
      <div className={styles.hidden}>
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              <td />
              {series.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {times.map((time, at) => (
              <tr key={time}>
                <th scope="row">{time}</th>
                {series.map(({ name, values }) => (
                  <td key={name}>{values[at] ?? 0}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
