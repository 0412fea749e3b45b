import './base';
import {askForPasskeys} from '../elements/passkeys';

askForPasskeys();
