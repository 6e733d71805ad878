import { Route, Switch } from 'wouter';
import { NotFound } from '../not-found.tsx';
import { AddDomain } from './add-domain.tsx';
import { DomainList } from './domain-list.tsx';
import { DomainPage } from './domain-page.tsx';

export default function Domains() {
  return (
    <Switch>
      <Route path="/" component={DomainList} />
      <Route path="/new" component={AddDomain} />
      <Route path="/:domain">{({ domain }) => <DomainPage domain={domain} />}</Route>
      <Route component={NotFound} />
    </Switch>
  );
}
