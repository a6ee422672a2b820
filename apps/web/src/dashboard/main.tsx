import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { bindLive } from '../api/live.ts';
import { queryClient } from '../api/queries.ts';
import '../ui/theme.css';
import '../ui/base.css';
import '../ui/panel.css';
import '../ui/table.css';
import { initTheme } from '../ui/theme.ts';
import { App } from './app.tsx';
import { resumeNode } from './node/node-store.ts';

initTheme();
bindLive(queryClient);
resumeNode();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
