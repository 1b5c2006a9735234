using IrohRpc.Transports.Conformance;

namespace IrohRpc.Transports.Tests.Conformance;

public sealed class TlsConnecting : ConnectingConformance<TlsUnderTest>;

public sealed class TlsAlpn : AlpnConformance<TlsUnderTest>;

public sealed class TlsStreams : StreamConformance<TlsUnderTest>;

public sealed class TlsTransfers : TransferConformance<TlsUnderTest>;

public sealed class TlsAborts : AbortConformance<TlsUnderTest>;

public sealed class TlsClosing : ClosingConformance<TlsUnderTest>;

public sealed class TlsLimits : LimitsConformance<TlsUnderTest>;

public sealed class TlsLoss : LossConformance<TlsUnderTest>;

public sealed class TlsAdmission : AdmissionConformance<TlsUnderTest>;

public sealed class TlsCancellation : CancellationConformance<TlsUnderTest>;

public sealed class TlsDatagrams : DatagramConformance<TlsUnderTest>;

public sealed class TlsDisposal : DisposalConformance<TlsUnderTest>;

public sealed class TlsPriorities : PriorityConformance<TlsUnderTest>;

[Collection<RunsAlone>]
public sealed class TlsLeaks : LeakConformance<TlsUnderTest>;
