import { Route, Switch } from 'wouter';
import { NotFound } from '../not-found.tsx';
import { AccountList } from './account-list.tsx';
import { AccountPage } from './account-page.tsx';
import { AddAccount } from './add-account.tsx';

export default function Accounts() {
  return (
    <Switch>
      <Route path="/" component={AccountList} />
      <Route path="/new" component={AddAccount} />
      <Route path="/:id">{({ id }) => <AccountPage id={id} />}</Route>
      <Route component={NotFound} />
    </Switch>
  );
}
