import './base';
import '../../styles/map.css';
import '../elements/xz-map';
import {followAnswers} from '../elements/answer-age';
import {sumSteps} from '../elements/section-steps';
import {keepAddress} from '../map/kept-address';
import {openWorkbench} from '../map/workbench';

openWorkbench();
keepAddress();
sumSteps();
followAnswers();
