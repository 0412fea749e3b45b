import './base';
import '../../styles/map.css';
import '../elements/xz-map';
import {followAnswers} from '../elements/answer-age';
import {sumSteps} from '../elements/section-steps';
import {openWorkbench} from '../map/workbench';

openWorkbench();
sumSteps();
followAnswers();
