using IrohRpc.Transports.Conformance;

namespace IrohRpc.Transports.Tests.Quic;

public sealed class QuicConnecting : ConnectingConformance<QuicUnderTest>;

public sealed class QuicAlpn : AlpnConformance<QuicUnderTest>;

public sealed class QuicStreams : StreamConformance<QuicUnderTest>;

public sealed class QuicTransfers : TransferConformance<QuicUnderTest>;

public sealed class QuicAborts : AbortConformance<QuicUnderTest>;

public sealed class QuicClosing : ClosingConformance<QuicUnderTest>;

public sealed class QuicLimits : LimitsConformance<QuicUnderTest>;

public sealed class QuicLoss : LossConformance<QuicUnderTest>;

public sealed class QuicAdmission : AdmissionConformance<QuicUnderTest>;

public sealed class QuicCancellation : CancellationConformance<QuicUnderTest>;

public sealed class QuicDisposal : DisposalConformance<QuicUnderTest>;

[Collection<RunsAlone>]
public sealed class QuicLeaks : LeakConformance<QuicUnderTest>;

public sealed class QuicDatagrams : DatagramConformance<QuicUnderTest>;

public sealed class QuicPriorities : PriorityConformance<QuicUnderTest>;

// What Windows and macOS run.
public sealed class PlainQuicConnecting : ConnectingConformance<PlainQuicUnderTest>;

public sealed class PlainQuicAlpn : AlpnConformance<PlainQuicUnderTest>;

public sealed class PlainQuicStreams : StreamConformance<PlainQuicUnderTest>;

public sealed class PlainQuicTransfers : TransferConformance<PlainQuicUnderTest>;

public sealed class PlainQuicAborts : AbortConformance<PlainQuicUnderTest>;

public sealed class PlainQuicClosing : ClosingConformance<PlainQuicUnderTest>;

public sealed class PlainQuicLimits : LimitsConformance<PlainQuicUnderTest>;

public sealed class PlainQuicLoss : LossConformance<PlainQuicUnderTest>;

public sealed class PlainQuicAdmission : AdmissionConformance<PlainQuicUnderTest>;

public sealed class PlainQuicCancellation : CancellationConformance<PlainQuicUnderTest>;

public sealed class PlainQuicDisposal : DisposalConformance<PlainQuicUnderTest>;

public sealed class PlainQuicDatagrams : DatagramConformance<PlainQuicUnderTest>;

public sealed class PlainQuicPriorities : PriorityConformance<PlainQuicUnderTest>;

[Collection<RunsAlone>]
public sealed class PlainQuicLeaks : LeakConformance<PlainQuicUnderTest>;
