using IrohRpc.Transports.Conformance;

namespace IrohRpc.Transports.Tests.MsQuic;

public sealed class MsQuicConnecting : ConnectingConformance<MsQuicUnderTest>;

public sealed class MsQuicAlpn : AlpnConformance<MsQuicUnderTest>;

public sealed class MsQuicStreams : StreamConformance<MsQuicUnderTest>;

public sealed class MsQuicTransfers : TransferConformance<MsQuicUnderTest>;

public sealed class MsQuicAborts : AbortConformance<MsQuicUnderTest>;

public sealed class MsQuicClosing : ClosingConformance<MsQuicUnderTest>;

public sealed class MsQuicLimits : LimitsConformance<MsQuicUnderTest>;

public sealed class MsQuicLoss : LossConformance<MsQuicUnderTest>;

public sealed class MsQuicAdmission : AdmissionConformance<MsQuicUnderTest>;

public sealed class MsQuicCancellation : CancellationConformance<MsQuicUnderTest>;

public sealed class MsQuicDatagrams : DatagramConformance<MsQuicUnderTest>;

public sealed class MsQuicDisposal : DisposalConformance<MsQuicUnderTest>;

public sealed class MsQuicPriorities : PriorityConformance<MsQuicUnderTest>;

[Collection<RunsAlone>]
public sealed class MsQuicLeaks : LeakConformance<MsQuicUnderTest>;
