import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemLink,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { BookOpenRegular } from '@fluentui/react-icons/svg/book-open';
import { PersonRegular } from '@fluentui/react-icons/svg/person';
import { SignOutRegular } from '@fluentui/react-icons/svg/sign-out';
import { useTranslation } from 'react-i18next';
import { useSigning } from '../api/session.ts';
import { appearances, useAppearance, type Appearance } from '../appearance.tsx';
import { chooseLanguage, currentLanguage, languages, type Language } from '../messages/i18n.ts';

/** Who is signed in, how they like to see it, and the way out. */
export function PersonMenu({ name }: { name: string }) {
  const { t } = useTranslation('shell');
  const { appearance, choose } = useAppearance();
  const signing = useSigning();
  return (
    <Menu
      checkedValues={{ appearance: [appearance], language: [currentLanguage()] }}
      onCheckedValueChange={(_event, { name: what, checkedItems }) => {
        if (what === 'appearance') choose(checkedItems[0] as Appearance);
        else void chooseLanguage(checkedItems[0] as Language);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<PersonRegular />} style={{ justifyContent: 'flex-start', minWidth: 0 }}>
          <span style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{name}</span>
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{t('appearance')}</MenuGroupHeader>
            {appearances.map((each) => (
              <MenuItemRadio key={each} name="appearance" value={each}>
                {t(`appearances.${each}`)}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{t('language')}</MenuGroupHeader>
            {Object.entries(languages).map(([tag, own]) => (
              <MenuItemRadio key={tag} name="language" value={tag} lang={tag}>
                {own}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuItemLink href="/docs" target="_blank" icon={<BookOpenRegular />}>
            {t('apiDocs')}
          </MenuItemLink>
          <MenuItem icon={<SignOutRegular />} onClick={() => void signing.signOut()}>
            {t('signOut')}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
