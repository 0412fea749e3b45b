import './base';
import '../../styles/map.css';
import '../elements/xz-map';
import {openWorkbench} from '../map/workbench';

openWorkbench();
