import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Element {
  readonly name: string;
  readonly defaultValue?: unknown;
  readonly constraints?: {
    readonly regex?: string;
    readonly allowedValues?: readonly { readonly label: string; readonly value: string }[];
  };
}

interface Form {
  readonly parameters: {
    readonly basics: readonly Element[];
    readonly steps: readonly { readonly name: string; readonly elements: readonly Element[] }[];
    readonly outputs: Readonly<Record<string, string>>;
  };
}

interface Parameter {
  readonly defaultValue: unknown;
  readonly allowedValues?: readonly string[];
  readonly $ref?: string;
}

const { basics, steps, outputs } = (read('infra/create-ui-definition.json') as Form).parameters;
const elements = new Map<string, Element>([
  ...basics.map((element) => [`basics('${element.name}')`, element] as const),
  ...steps.flatMap(({ name: step, elements: inStep }) =>
    inStep.map((element) => [`steps('${step}').${element.name}`, element] as const),
  ),
]);
const template = read('infra/main.json') as {
  parameters: Record<string, Parameter>;
  definitions: Record<string, Parameter>;
};

it('the form fills in parameters that exist, from what it asks, and asks for nothing else', () => {
  expect(Object.keys(template.parameters)).toEqual(expect.arrayContaining(Object.keys(outputs)));
  const used = Object.values(outputs).flatMap((value) => value.match(/basics\('\w+'\)|steps\('\w+'\)\.\w+/g) ?? []);
  expect(new Set(used)).toEqual(new Set(elements.keys()));
});

it('what can be chosen is what the parameter takes, and begins with its default', () => {
  const choices = Object.entries(outputs).flatMap(([name, value]) => {
    const element = elements.get(value.slice(1, -1));
    return element?.constraints?.allowedValues === undefined ? [] : [{ name, element }];
  });
  expect(choices.length).toBeGreaterThan(4);
  for (const { name, element } of choices) {
    const parameter = template.parameters[name];
    const taken =
      parameter?.allowedValues ?? template.definitions[parameter?.$ref?.split('/').at(-1) ?? '']?.allowedValues;
    const offered = element.constraints?.allowedValues ?? [];
    expect(taken, name).toEqual(expect.arrayContaining(offered.map(({ value }) => value)));
    const first = offered.find(({ label }) => label === element.defaultValue);
    expect(first?.value, name).toBe(parameter?.defaultValue);
  }
});

it.each([
  ["basics('name')", ['postern', 'my-mail', 'fourteen-chars'], ['p', 'Postern', 'a--b', '1a', 'a-', 'fifteen-letters']],
  ["basics('packageUri')", ['', 'https://example.com/postern.zip'], ['http://example.com/postern.zip']],
  ["steps('running').monthlyBudget", ['0', '50'], ['', '5.5', '-1']],
])('%s is looked at before it is taken', (name, good, bad) => {
  const form = RegExp(elements.get(name)?.constraints?.regex ?? '$^');
  expect(good.filter((text) => !form.test(text))).toEqual([]);
  expect(bad.filter((text) => form.test(text))).toEqual([]);
});

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
