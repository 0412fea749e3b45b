import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/layout.css';
import '../../styles/parts.css';
import '../../styles/print.css';
import 'htmx.org';
import {followErrors} from '../elements/error-summary';
import {keepTyped} from '../elements/keep-typed';
import {openOnTheWork} from '../elements/sheet-view';
import {followWaiting} from '../elements/waiting';
import {leaveWholePages} from '../elements/whole-page';

followErrors();
keepTyped();
leaveWholePages();
followWaiting();
openOnTheWork();
