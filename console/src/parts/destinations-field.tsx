import { useNames } from '../api/names.ts';
import { ChoicesField, type FieldProps } from './fields.tsx';

/** Some of the destinations there are. */
export function DestinationsField<V extends object>(props: FieldProps<V, readonly string[]>) {
  const { options } = useNames('/v1/destinations');
  return <ChoicesField {...props} options={options} />;
}
