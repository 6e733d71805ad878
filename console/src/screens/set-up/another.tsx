import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useState, type ReactNode } from 'react';

/** The form for the first thing of a kind stands open; where there is one, a further one is asked for. */
export function Another({ isFirst, label, children }: { isFirst: boolean; label: string; children: ReactNode }) {
  const [isAsked, setIsAsked] = useState(false);
  if (isFirst || isAsked) return children;
  return (
    <div>
      <Button
        icon={<AddRegular />}
        onClick={() => {
          setIsAsked(true);
        }}
      >
        {label}
      </Button>
    </div>
  );
}
