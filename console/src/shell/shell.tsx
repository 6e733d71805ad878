import { Button, OverlayDrawer, Spinner, makeStyles, tokens } from '@fluentui/react-components';
import { NavigationRegular } from '@fluentui/react-icons/svg/navigation';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Switch, useLocation } from 'wouter';
import { NotFound } from '../screens/not-found.tsx';
import { Brand } from './brand.tsx';
import { ConnectionBar } from './connection-bar.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Navigation } from './navigation.tsx';
import { PersonMenu } from './person-menu.tsx';
import { screens } from './screens.tsx';

const narrow = '@media (max-width: 56rem)';

const useStyles = makeStyles({
  shell: {
    display: 'grid',
    gridTemplateColumns: '248px minmax(0, 1fr)',
    minHeight: '100dvh',
    backgroundColor: tokens.colorNeutralBackground2,
    [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'auto 1fr' },
  },
  rail: {
    backgroundColor: tokens.colorNeutralBackground1,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    [narrow]: { display: 'none' },
  },
  inRail: {
    position: 'sticky',
    top: 0,
    boxSizing: 'border-box',
    height: '100dvh',
    overflowY: 'auto',
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXL,
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalM}`,
  },
  railBrand: { paddingInlineStart: tokens.spacingHorizontalS },
  person: { marginTop: 'auto', display: 'grid' },
  bar: {
    display: 'none',
    [narrow]: {
      position: 'sticky',
      top: 0,
      zIndex: 10,
      display: 'flex',
      alignItems: 'center',
      gap: tokens.spacingHorizontalS,
      padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
      backgroundColor: tokens.colorNeutralBackground1,
      borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    },
  },
  drawer: {
    boxSizing: 'border-box',
    width: '100%',
    padding: tokens.spacingHorizontalL,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
  },
  main: {
    boxSizing: 'border-box',
    width: '100%',
    maxWidth: '76rem',
    padding: `${tokens.spacingVerticalXXXL} ${tokens.spacingHorizontalXXXL} 4rem`,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    ':focus-visible': { outlineStyle: 'none' },
    [narrow]: { padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalL} 4rem` },
  },
  skip: {
    position: 'absolute',
    insetInlineStart: tokens.spacingHorizontalM,
    top: '-4rem',
    zIndex: 100,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
    ':focus': { top: tokens.spacingVerticalM },
  },
});

/** What stands around every screen: the ways to the others, who is signed in, and what concerns all. */
export function Shell({ person }: { person: string }) {
  const styles = useStyles();
  const { t } = useTranslation('shell');
  const [isOpen, setIsOpen] = useState(false);
  const [location] = useLocation();
  return (
    <div className={styles.shell}>
      <a
        href="#content"
        className={styles.skip}
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('content')?.focus();
        }}
      >
        {t('skip')}
      </a>
      <div className={styles.rail}>
        <div className={styles.inRail}>
          <div className={styles.railBrand}>
            <Brand />
          </div>
          <Navigation />
          <div className={styles.person}>
            <PersonMenu name={person} />
          </div>
        </div>
      </div>
      <header className={styles.bar}>
        <Button
          appearance="subtle"
          icon={<NavigationRegular />}
          aria-label={t('openNavigation')}
          aria-expanded={isOpen}
          onClick={() => {
            setIsOpen(true);
          }}
        />
        <Brand />
      </header>
      <OverlayDrawer
        open={isOpen}
        aria-label={t('navigation')}
        onOpenChange={(_event, { open }) => {
          setIsOpen(open);
        }}
      >
        <div className={styles.drawer}>
          <Brand />
          <Navigation
            onNavigated={() => {
              setIsOpen(false);
            }}
          />
          <PersonMenu name={person} />
        </div>
      </OverlayDrawer>
      <main id="content" tabIndex={-1} className={styles.main}>
        <ConnectionBar />
        <ErrorBoundary key={location.split('/')[1]}>
          <Suspense fallback={<Spinner aria-label={t('loading')} />}>
            <Switch>
              {screens.flat().map(({ name, path, component }) => (
                <Route key={name} path={path} component={component} nest={path !== '/'} />
              ))}
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </main>
    </div>
  );
}
