import * as z from 'zod';
import { folderUses } from '../../received/mailbox-reader.ts';

export const foldersSchema = z
  .object({
    data: z.array(
      z.object({
        name: z.string().describe('As the folders of an incoming server name it.'),
        use: z.enum(folderUses).optional().describe('What it is for, where the mail server says so (RFC 6154).'),
      }),
    ),
  })
  .meta({ id: 'Folders' });
