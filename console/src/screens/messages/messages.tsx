import { Route, Switch } from 'wouter';
import { Compose } from './compose.tsx';
import { MessageList } from './message-list.tsx';
import { MessagePage } from './message-page.tsx';

export default function Messages() {
  return (
    <Switch>
      <Route path="/" component={MessageList} />
      <Route path="/new" component={Compose} />
      <Route path="/:id">{({ id }) => <MessagePage id={id} />}</Route>
    </Switch>
  );
}
