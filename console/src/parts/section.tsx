import { Subtitle2, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useId, type ReactNode } from 'react';

const useStyles = makeStyles({
  section: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow2,
    minWidth: 0,
    '@media (max-width: 40rem)': { padding: tokens.spacingHorizontalL },
  },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  words: { flex: '1 1 14rem', display: 'flex', flexDirection: 'column' },
  title: { margin: 0 },
  description: { color: tokens.colorNeutralForeground2 },
});

/** A part of a page that stands by itself, as a card. */
export function Section(props: { title?: string; description?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  const styles = useStyles();
  const id = useId();
  const { title, description, actions, children } = props;
  return (
    <section className={styles.section} {...(title !== undefined && { 'aria-labelledby': id })}>
      {title !== undefined && (
        <div className={styles.head}>
          <div className={styles.words}>
            <Subtitle2 as="h2" id={id} className={styles.title}>
              {title}
            </Subtitle2>
            {description !== undefined && <Text className={styles.description}>{description}</Text>}
          </div>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}
