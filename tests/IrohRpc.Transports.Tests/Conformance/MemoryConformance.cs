using IrohRpc.Transports.Conformance;

namespace IrohRpc.Transports.Tests.Conformance;

public sealed class MemoryConnecting : ConnectingConformance<MemoryUnderTest>;

public sealed class MemoryAlpn : AlpnConformance<MemoryUnderTest>;

public sealed class MemoryStreams : StreamConformance<MemoryUnderTest>;

public sealed class MemoryTransfers : TransferConformance<MemoryUnderTest>;

public sealed class MemoryAborts : AbortConformance<MemoryUnderTest>;

public sealed class MemoryClosing : ClosingConformance<MemoryUnderTest>;

public sealed class MemoryLimits : LimitsConformance<MemoryUnderTest>;

public sealed class MemoryLoss : LossConformance<MemoryUnderTest>;

public sealed class MemoryAdmission : AdmissionConformance<MemoryUnderTest>;

public sealed class MemoryCancellation : CancellationConformance<MemoryUnderTest>;

public sealed class MemoryDatagrams : DatagramConformance<MemoryUnderTest>;

public sealed class MemoryDisposal : DisposalConformance<MemoryUnderTest>;

public sealed class MemoryPriorities : PriorityConformance<MemoryUnderTest>;

[Collection<RunsAlone>]
public sealed class MemoryLeaks : LeakConformance<MemoryUnderTest>;
