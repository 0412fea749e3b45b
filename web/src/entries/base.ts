import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/layout.css';
import '../../styles/parts.css';
import '../../styles/print.css';
import 'htmx.org';
import {followErrors} from '../elements/error-summary';
import {keepTyped} from '../elements/keep-typed';
import {openOnTheWork} from '../elements/sheet-view';
import {dropEmptyStyles} from '../elements/plain-swaps';
import {followWaiting} from '../elements/waiting';
import {leaveWholePages} from '../elements/whole-page';

dropEmptyStyles();
followErrors();
keepTyped();
leaveWholePages();
followWaiting();
openOnTheWork();
