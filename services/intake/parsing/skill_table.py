"""The table of skills: one id, and the words that people write for it in Chinese and English. Own work, no import.

Ids are stable: rules of requisitions and facts of people meet in them. A row is `id: words, separated by |`;
the first word is the one shown.
"""

from __future__ import annotations

from functools import lru_cache

_ROWS = """
motion-control: motion control|运动控制|运控|servo motion|轨迹规划|trajectory planning|motion planning
servo-drives: servo drives|servo drive|servo|伺服驱动|伺服|伺服系统
ethercat: EtherCAT|CoE|CiA402|CiA 402
canopen: CANopen|CAN bus|CAN总线|CAN 总线
profinet: PROFINET|PROFIBUS
plc: PLC|可编程控制器|TwinCAT|CODESYS|IEC 61131
control-theory: control theory|控制理论|自动控制|PID|模型预测控制|MPC|model predictive control|robust control
robotics: robotics|机器人|industrial robots|工业机器人|协作机器人|cobot
robot-kinematics: robot kinematics|运动学|动力学|kinematics|dynamics modelling
ros: ROS|ROS2|ROS 2
slam: SLAM|激光建图|定位建图
machine-vision: machine vision|机器视觉|OpenCV|视觉检测|computer vision|计算机视觉
simulation: simulation|仿真|MATLAB|Simulink|Matlab/Simulink
vibration-suppression: vibration suppression|振动抑制|抖动抑制|input shaping
cpp: C++|C/C++|cpp
c: C语言|ANSI C|embedded C|嵌入式C
csharp: C#|.NET|dotnet
python: Python
java: Java|J2EE|Spring Boot|SpringBoot
go: Golang|Go语言|Go language
rust: Rust
javascript: JavaScript|ECMAScript|ES6
typescript: TypeScript
react: React|React.js|ReactJS
vue: Vue|Vue.js|VueJS
nodejs: Node.js|NodeJS
html: HTML|HTML5|HTML 5
css: CSS|CSS3|Sass|Less
angular: Angular|AngularJS
django: Django
php: PHP|Laravel
ruby: Ruby|Ruby on Rails
sql: SQL|MySQL|PostgreSQL|Oracle数据库|SQL Server
nosql: NoSQL|MongoDB|Redis|Cassandra
linux: Linux|Ubuntu
rtos: RTOS|FreeRTOS|RT-Thread|实时操作系统|VxWorks|Zephyr
embedded: embedded systems|embedded|嵌入式|嵌入式系统|embedded software|firmware|固件
stm32: STM32|Cortex-M|ARM Cortex|ARM|单片机|MCU|microcontroller
fpga: FPGA|Verilog|VHDL
pcb: PCB|Altium|电路设计|原理图|硬件设计|circuit design
drivers: driver development|驱动开发|device drivers|Linux驱动|BSP
bus-protocols: SPI|I2C|UART|Modbus|串口
power-electronics: power electronics|电力电子|变频器|inverter|逆变器
motor-control: motor control|电机控制|FOC|矢量控制|永磁同步|PMSM
iot: IoT|物联网|Internet of Things|MQTT
git: Git|GitLab|GitHub
docker: Docker|containers|容器
kubernetes: Kubernetes|K8s
aws: AWS|Amazon Web Services
azure: Azure
cloud: cloud computing|云计算|阿里云
ci-cd: CI/CD|Jenkins|持续集成|GitHub Actions
microservices: microservices|微服务|distributed systems|分布式系统|分布式
kafka: Kafka|Apache Kafka
web-development: web development|Web 开发|前端|frontend|front-end|前端工程化
backend: backend|后端|back-end
mobile-development: Android|iOS|mobile development|移动开发
data-analysis: data analysis|数据分析|Pandas
data-visualisation: data visualization|数据可视化|data visualisation
machine-learning: machine learning|机器学习|TensorFlow|PyTorch
deep-learning: deep learning|深度学习|神经网络
nlp: NLP|natural language processing|自然语言处理
algorithms: algorithms|算法|data structures|数据结构
software-testing: software testing|软件测试|unit testing|单元测试|test automation|自动化测试
functional-safety: functional safety|功能安全|ISO 26262|IEC 61508|SIL
autosar: AUTOSAR
mechanical-design: mechanical design|机械设计|SolidWorks|CATIA|AutoCAD
ux-design: UX|UI design|Figma|交互设计|user experience
medical-regulatory: regulatory affairs|法规事务|医疗器械注册|注册申报|医疗器械法规
nmpa: NMPA|国家药监局|CFDA|药监
ce-mdr: CE MDR|MDR|EU MDR|CE认证|CE 认证|2017/745
fda-510k: FDA 510(k)|510(k)|510k|FDA
iso-13485: ISO 13485|ISO13485|质量管理体系
iso-14971: ISO 14971|ISO14971|风险管理
clinical-evaluation: clinical evaluation|临床评价|临床试验|clinical trial|clinical trials
udi: UDI|唯一标识
gmp: GMP|生产质量管理规范
technical-documentation: technical documentation|技术文档|技术文件|technical file
iec-60601: IEC 60601|GB 9706|电气安全
biocompatibility: biocompatibility|生物相容性|ISO 10993
p-and-l: P&L|profit and loss|损益|盈亏责任
general-management: general management|general manager|总经理|country manager|managing director|全面管理
sales-management: sales management|销售管理|key account|大客户|business development|市场开拓
team-leadership: team leadership|team management|团队管理|带团队|people management
project-management: project management|项目管理|PMP|Scrum|agile|敏捷
supply-chain: supply chain|供应链|procurement|采购
localisation: localisation|localization|本地化|国产化
joint-venture: joint venture|合资|M&A|并购
drive-technology: drive technology|传动|传动技术|Antriebstechnik|gearboxes|减速机|减速器
manufacturing: manufacturing|生产制造|lean manufacturing|精益生产|精益
quality-management: quality management|质量管理|Six Sigma|六西格玛|ISO 9001
finance: financial analysis|财务分析|budgeting|预算管理
marketing: marketing|市场营销|digital marketing
customer-service: customer service|客户服务|after-sales|售后
mass-production: mass production|量产|NPI|试产|ramp-up
"""

ID_PREFIX = "skill:"


@lru_cache(maxsize=1)
def words() -> dict[str, str]:
    """Every word in lower case -> skill id (`skill:motion-control`)."""
    table: dict[str, str] = {}
    for row in _ROWS.strip().splitlines():
        key, _, names = row.partition(":")
        for word in names.split("|"):
            table[word.strip().lower()] = ID_PREFIX + key.strip()
    return table


def label(skill_id: str) -> str:
    """The word shown for an id; the id itself where it is not of this table."""
    for row in _ROWS.strip().splitlines():
        key, _, names = row.partition(":")
        if ID_PREFIX + key.strip() == skill_id:
            return names.split("|")[0].strip()
    return skill_id
