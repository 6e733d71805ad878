import { Route, Switch } from 'wouter';
import { NotFound } from '../not-found.tsx';
import { AddServer } from './add-server.tsx';
import { ServerList } from './server-list.tsx';
import { ServerPage } from './server-page.tsx';
import { WhyServer } from './why-server.tsx';

export default function OutgoingServers() {
  return (
    <Switch>
      <Route path="/" component={ServerList} />
      <Route path="/new" component={AddServer} />
      <Route path="/why" component={WhyServer} />
      <Route path="/:id">{({ id }) => <ServerPage id={id} />}</Route>
      <Route component={NotFound} />
    </Switch>
  );
}
