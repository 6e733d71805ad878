import { Route, Switch } from 'wouter';
import { NotFound } from '../not-found.tsx';
import { KeyList } from './key-list.tsx';
import { NewKey } from './new-key.tsx';

export default function ApiKeys() {
  return (
    <Switch>
      <Route path="/" component={KeyList} />
      <Route path="/new" component={NewKey} />
      <Route component={NotFound} />
    </Switch>
  );
}
