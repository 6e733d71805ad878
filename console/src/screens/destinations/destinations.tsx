import { Route, Switch } from 'wouter';
import { Deliveries } from './deliveries.tsx';
import { DestinationList } from './destination-list.tsx';
import { DestinationPage } from './destination-page.tsx';
import { NewDestination } from './new-destination.tsx';

export default function Destinations() {
  return (
    <Switch>
      <Route path="/" component={DestinationList} />
      <Route path="/new" component={NewDestination} />
      <Route path="/deliveries" component={Deliveries} />
      <Route path="/:id">{({ id }) => <DestinationPage id={id} />}</Route>
    </Switch>
  );
}
