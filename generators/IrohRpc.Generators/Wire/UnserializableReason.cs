namespace IrohRpc.Generators.Wire;

/// <summary>Why a type cannot be sent.</summary>
internal enum UnserializableReason
{
    /// <summary>MemoryPack has no form for it.</summary>
    NoForm,

    /// <summary>It contains ever larger types of its own making.</summary>
    Endless,

    /// <summary>Its size is that of the machine's registers, so that two machines read different bytes.</summary>
    MachineSized,

    /// <summary>It is a number that means something in this process only.</summary>
    ProcessBound,

    /// <summary>It comes from a compiled project that does not show all that MemoryPack writes.</summary>
    MembersUnseen,

    /// <summary>It is a case of a union, and no object is exactly of this type.</summary>
    UnionCaseWithoutObjects,

    /// <summary>MemoryPack's generator cannot complete a type that stands where this one does.</summary>
    Misplaced,

    /// <summary>The compiler or MemoryPack's generator says what is wrong with it.</summary>
    ReportedElsewhere,
}
