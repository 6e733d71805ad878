import { GlobeRegular } from '@fluentui/react-icons/svg/globe';
import { HomeRegular } from '@fluentui/react-icons/svg/home';
import { KeyRegular } from '@fluentui/react-icons/svg/key';
import { MailRegular } from '@fluentui/react-icons/svg/mail';
import { MailInboxRegular } from '@fluentui/react-icons/svg/mail-inbox';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import { PlugConnectedRegular } from '@fluentui/react-icons/svg/plug-connected';
import { SendRegular } from '@fluentui/react-icons/svg/send';
import { ServerRegular } from '@fluentui/react-icons/svg/server';
import { WandRegular } from '@fluentui/react-icons/svg/wand';
import { lazy, type ComponentType, type ReactElement } from 'react';
import type { en } from '../messages/en.ts';

export interface Screen {
  readonly name: keyof typeof en.shell.screen;
  readonly path: string;
  readonly icon: ReactElement;
  readonly component: ComponentType;
}

/** What there is to see, in the order of the navigation. Each is loaded when it is first looked at. */
export const screens: readonly (readonly Screen[])[] = [
  [
    {
      name: 'overview',
      path: '/',
      icon: <HomeRegular />,
      component: lazy(() => import('../screens/overview/overview.tsx')),
    },
    {
      name: 'setUp',
      path: '/set-up',
      icon: <WandRegular />,
      component: lazy(() => import('../screens/set-up/set-up.tsx')),
    },
  ],
  [
    {
      name: 'messages',
      path: '/messages',
      icon: <SendRegular />,
      component: lazy(() => import('../screens/messages/messages.tsx')),
    },
    {
      name: 'received',
      path: '/received',
      icon: <MailInboxRegular />,
      component: lazy(() => import('../screens/received/received.tsx')),
    },
  ],
  [
    {
      name: 'accounts',
      path: '/accounts',
      icon: <PeopleTeamRegular />,
      component: lazy(() => import('../screens/accounts/accounts.tsx')),
    },
    {
      name: 'outgoingServers',
      path: '/outgoing-servers',
      icon: <ServerRegular />,
      component: lazy(() => import('../screens/outgoing-servers/outgoing-servers.tsx')),
    },
    {
      name: 'incomingServers',
      path: '/incoming-servers',
      icon: <MailRegular />,
      component: lazy(() => import('../screens/incoming-servers/incoming-servers.tsx')),
    },
    {
      name: 'domains',
      path: '/domains',
      icon: <GlobeRegular />,
      component: lazy(() => import('../screens/domains/domains.tsx')),
    },
    {
      name: 'destinations',
      path: '/destinations',
      icon: <PlugConnectedRegular />,
      component: lazy(() => import('../screens/destinations/destinations.tsx')),
    },
    {
      name: 'apiKeys',
      path: '/api-keys',
      icon: <KeyRegular />,
      component: lazy(() => import('../screens/api-keys/api-keys.tsx')),
    },
  ],
];
