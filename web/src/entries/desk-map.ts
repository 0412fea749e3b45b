import './base';
