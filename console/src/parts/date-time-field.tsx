import { Input } from '@fluentui/react-components';
import { FormField, type FieldProps } from './fields.tsx';

/** A day and time of the viewer's zone; the value is ISO 8601 in UTC, or empty. */
export function DateTimeField<V extends object>(props: FieldProps<V, string>) {
  const { form, name } = props;
  return (
    <FormField {...props}>
      <Input
        name={name}
        type="datetime-local"
        value={toLocal(form.values[name] as string)}
        onChange={(_event, { value }) => {
          form.set(name, toUtc(value) as V[typeof name]);
        }}
      />
    </FormField>
  );
}

function toLocal(utc: string): string {
  if (utc === '') return '';
  const moment = new Date(utc);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function toUtc(local: string): string {
  return local === '' ? '' : new Date(local).toISOString();
}
