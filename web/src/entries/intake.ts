import './base';
import '../../styles/intake.css';
import {acceptDroppedFiles} from '../elements/drop-files';

acceptDroppedFiles();
