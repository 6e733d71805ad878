import { Route, Switch } from 'wouter';
import { NotFound } from '../not-found.tsx';
import { AddServer } from './add-server.tsx';
import { AuditPage } from './audit-page.tsx';
import { RulesPage } from './rules-page.tsx';
import { ServerList } from './server-list.tsx';
import { ServerPage } from './server-page.tsx';

export default function IncomingServers() {
  return (
    <Switch>
      <Route path="/" component={ServerList} />
      <Route path="/new" component={AddServer} />
      <Route path="/:id">{({ id }) => <ServerPage id={id} />}</Route>
      <Route path="/:id/rules">{({ id }) => <RulesPage id={id} />}</Route>
      <Route path="/:id/audit">{({ id }) => <AuditPage id={id} />}</Route>
      <Route component={NotFound} />
    </Switch>
  );
}
