import { Route, Switch } from 'wouter';
import { ReceivedList } from './received-list.tsx';
import { ReceivedPage } from './received-page.tsx';

export default function Received() {
  return (
    <Switch>
      <Route path="/" component={ReceivedList} />
      <Route path="/:id">{({ id }) => <ReceivedPage id={id} />}</Route>
    </Switch>
  );
}
