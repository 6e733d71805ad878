import { Text, makeStyles, tokens, typographyStyles } from '@fluentui/react-components';
import { ArrowLeftRegular } from '@fluentui/react-icons/svg/arrow-left';
import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { ButtonTo } from './link-to.tsx';

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXL },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
  },
  words: { flex: '1 1 18rem', display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS, minWidth: 0 },
  title: {
    ...typographyStyles.title2,
    margin: 0,
    overflowWrap: 'anywhere',
    ':focus-visible': { outlineStyle: 'none' },
  },
  description: { color: tokens.colorNeutralForeground2, maxWidth: '42rem' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  back: { marginLeft: `calc(-1 * ${tokens.spacingHorizontalM})` },
});

let hasNavigated = false;

/** A page: its heading, which is focused when somebody comes to it from another, what can be done there, and the rest. */
export function Page(props: {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  /** Where the page belongs: the list a thing stands in. */
  back?: { readonly to: string; readonly label: string };
  children: ReactNode;
}) {
  const { title, description, actions, back, children } = props;
  const styles = useStyles();
  const [location] = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} · Postern`;
  }, [title]);

  useEffect(() => {
    if (hasNavigated) heading.current?.focus();
    return () => {
      hasNavigated = true;
    };
  }, [location]);

  return (
    <div className={styles.page}>
      <div>
        {back && (
          <div className={styles.back}>
            <ButtonTo to={back.to} appearance="transparent" icon={<ArrowLeftRegular />}>
              {back.label}
            </ButtonTo>
          </div>
        )}
        <div className={styles.head}>
          <div className={styles.words}>
            <h1 ref={heading} tabIndex={-1} className={styles.title}>
              {title}
            </h1>
            {description !== undefined && <Text className={styles.description}>{description}</Text>}
          </div>
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        </div>
      </div>
      {children}
    </div>
  );
}
