import { TableClient, TableServiceClient } from '@azure/data-tables';

/** Everything that is kept in the tables of a storage account, table by table, as one text each. */
export async function readAllTables(connectionString: string): Promise<Record<string, string>> {
  const options = { allowInsecureConnection: true };
  const read: Record<string, string> = {};
  for await (const { name = '' } of TableServiceClient.fromConnectionString(connectionString, options).listTables()) {
    const rows: unknown[] = [];
    for await (const row of TableClient.fromConnectionString(connectionString, name, options).listEntities()) {
      rows.push(row);
    }
    read[name] = JSON.stringify(rows);
  }
  return read;
}
