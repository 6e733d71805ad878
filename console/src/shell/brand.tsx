import { makeStyles, tokens } from '@fluentui/react-components';
import icon from '../icon.svg';

const useStyles = makeStyles({
  brand: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    fontSize: tokens.fontSizeBase500,
    fontWeight: tokens.fontWeightSemibold,
  },
});

export function Brand() {
  const styles = useStyles();
  return (
    <span className={styles.brand}>
      <img src={icon} alt="" width={28} height={28} />
      Postern
    </span>
  );
}
