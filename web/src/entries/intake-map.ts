import './intake';
import '../../styles/map.css';
import '../elements/xz-map';
import {openPreview} from '../map/preview';

openPreview();
