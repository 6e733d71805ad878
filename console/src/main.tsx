import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './main.css';
import { startMessages } from './messages/i18n.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root.');
await startMessages();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
