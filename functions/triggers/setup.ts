import { app } from '@azure/functions';

// Bodies reach us as they arrive: without this one sent in chunks would reach us empty, and a large one as a whole.
app.setup({ enableHttpStream: true });
