import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import i18next from 'i18next';
import { Component, type ReactNode } from 'react';

/** Where a screen breaks, that screen alone is gone, with a way to try again. React wants a class for this. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    return (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{i18next.t('shell:broken')}</MessageBarTitle> {i18next.t('shell:brokenDetail')}
        </MessageBarBody>
        <MessageBarActions>
          <Button
            onClick={() => {
              location.reload();
            }}
          >
            {i18next.t('shell:reload')}
          </Button>
        </MessageBarActions>
      </MessageBar>
    );
  }
}
