/**
 * System variables that a server's user may change, as on Azure; those of them that a runtime lacks are not shown. Not
 * among them: what Flexdeck has fixed (`options.ts`), and what only a server of an older series knows.
 * Source: Azure's documentation of server parameters, and its answers to the configurations list.
 */
export const MODIFIABLE_VARIABLES: ReadonlySet<string> = new Set(
  `
  auto_increment_increment auto_increment_offset binlog_cache_size binlog_expire_logs_seconds
  binlog_group_commit_sync_delay binlog_group_commit_sync_no_delay_count binlog_row_image binlog_stmt_cache_size
  block_encryption_mode character_set_server collation_server connect_timeout cte_max_recursion_depth
  default_collation_for_utf8mb4 default_week_format disconnect_on_expired_password div_precision_increment
  end_markers_in_json eq_range_index_dive_limit event_scheduler explicit_defaults_for_timestamp ft_boolean_syntax
  ft_query_expansion_limit group_concat_max_len information_schema_stats_expiry init_connect
  innodb_adaptive_flushing innodb_adaptive_flushing_lwm innodb_adaptive_hash_index
  innodb_adaptive_hash_index_parts innodb_autoextend_increment innodb_autoinc_lock_mode
  innodb_buffer_pool_dump_at_shutdown innodb_buffer_pool_dump_pct innodb_buffer_pool_instances
  innodb_buffer_pool_load_at_startup innodb_buffer_pool_size innodb_change_buffer_max_size
  innodb_cmp_per_index_enabled innodb_commit_concurrency innodb_compression_failure_threshold_pct
  innodb_compression_level innodb_compression_pad_pct_max innodb_concurrency_tickets innodb_deadlock_detect
  innodb_default_row_format innodb_fill_factor innodb_flush_log_at_timeout innodb_flush_neighbors
  innodb_flushing_avg_loops innodb_ft_cache_size innodb_ft_enable_diag_print innodb_ft_enable_stopword
  innodb_ft_max_token_size innodb_ft_min_token_size innodb_ft_num_word_optimize innodb_ft_result_cache_limit
  innodb_ft_server_stopword_table innodb_ft_sort_pll_degree innodb_ft_total_cache_size
  innodb_ft_user_stopword_table innodb_io_capacity innodb_io_capacity_max innodb_lock_wait_timeout
  innodb_log_buffer_size innodb_lru_scan_depth innodb_max_dirty_pages_pct innodb_max_dirty_pages_pct_lwm
  innodb_max_purge_lag innodb_max_purge_lag_delay innodb_old_blocks_pct innodb_old_blocks_time
  innodb_online_alter_log_max_size innodb_open_files innodb_page_cleaners innodb_print_all_deadlocks
  innodb_print_ddl_logs innodb_purge_batch_size innodb_purge_rseg_truncate_frequency innodb_purge_threads
  innodb_random_read_ahead innodb_read_ahead_threshold innodb_read_io_threads innodb_redo_log_capacity
  innodb_rollback_on_timeout innodb_rollback_segments innodb_sort_buffer_size innodb_spin_wait_delay
  innodb_stats_auto_recalc innodb_stats_include_delete_marked innodb_stats_method innodb_stats_on_metadata
  innodb_stats_persistent innodb_stats_persistent_sample_pages innodb_stats_transient_sample_pages
  innodb_status_output innodb_status_output_locks innodb_strict_mode innodb_sync_array_size innodb_sync_spin_loops
  innodb_thread_concurrency innodb_thread_sleep_delay innodb_write_io_threads interactive_timeout join_buffer_size
  lc_time_names local_infile lock_wait_timeout log_bin_trust_function_creators log_output
  log_queries_not_using_indexes
  log_slow_admin_statements log_slow_extra log_slow_replica_statements log_throttle_queries_not_using_indexes
  long_query_time max_allowed_packet max_binlog_cache_size max_binlog_size max_binlog_stmt_cache_size
  max_connect_errors max_connections max_digest_length max_error_count max_execution_time max_heap_table_size
  max_join_size max_points_in_geometry max_prepared_stmt_count max_seeks_for_key max_sort_length
  max_sp_recursion_depth max_user_connections max_write_lock_count min_examined_row_limit net_buffer_length
  net_read_timeout net_retry_count net_write_timeout ngram_token_size optimizer_prune_level optimizer_search_depth
  optimizer_switch optimizer_trace optimizer_trace_features optimizer_trace_limit optimizer_trace_max_mem_size
  optimizer_trace_offset parser_max_mem_size preload_buffer_size profiling_history_size range_alloc_block_size
  range_optimizer_max_mem_size regexp_stack_limit regexp_time_limit require_secure_transport session_track_schema
  session_track_state_change skip_show_database slow_launch_time slow_query_log sort_buffer_size
  sql_generate_invisible_primary_key sql_mode sql_require_primary_key stored_program_cache table_definition_cache
  table_open_cache table_open_cache_instances temptable_max_ram thread_cache_size time_zone tmp_table_size
  transaction_alloc_block_size transaction_isolation transaction_prealloc_size updatable_views_with_limit
  wait_timeout windowing_use_high_precision
`
    .trim()
    .split(/\s+/),
);

/** Values of the enumerations and sets, which the server cannot be asked for. Source: MySQL's manual. */
export const ENUMERATED_VALUES: Readonly<Record<string, string>> = {
  binlog_checksum: 'NONE,CRC32',
  binlog_error_action: 'IGNORE_ERROR,ABORT_SERVER',
  binlog_format: 'MIXED,STATEMENT,ROW',
  binlog_row_image: 'MINIMAL,NOBLOB,FULL',
  binlog_row_metadata: 'MINIMAL,FULL',
  block_encryption_mode:
    'aes-128-ecb,aes-192-ecb,aes-256-ecb,aes-128-cbc,aes-192-cbc,aes-256-cbc,aes-128-cfb1,aes-192-cfb1,aes-256-cfb1,' +
    'aes-128-cfb8,aes-192-cfb8,aes-256-cfb8,aes-128-cfb128,aes-192-cfb128,aes-256-cfb128,aes-128-ofb,aes-192-ofb,aes-256-ofb',
  completion_type: 'NO_CHAIN,CHAIN,RELEASE',
  concurrent_insert: 'NEVER,AUTO,ALWAYS',
  delay_key_write: 'OFF,ON,ALL',
  event_scheduler: 'OFF,ON',
  explain_format: 'TRADITIONAL,TRADITIONAL_STRICT,TREE,JSON',
  gtid_mode: 'OFF,OFF_PERMISSIVE,ON_PERMISSIVE,ON',
  innodb_default_row_format: 'redundant,compact,dynamic',
  innodb_stats_method: 'nulls_equal,nulls_unequal,nulls_ignored',
  internal_tmp_mem_storage_engine: 'MEMORY,TempTable',
  log_output: 'FILE,NONE',
  log_timestamps: 'UTC,SYSTEM',
  session_track_gtids: 'OFF,OWN_GTID,ALL_GTIDS',
  session_track_transaction_info: 'OFF,STATE,CHARACTERISTICS',
  sql_mode:
    'REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ONLY_FULL_GROUP_BY,NO_UNSIGNED_SUBTRACTION,NO_DIR_IN_CREATE,' +
    'ANSI,NO_AUTO_VALUE_ON_ZERO,NO_BACKSLASH_ESCAPES,STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,' +
    'ALLOW_INVALID_DATES,ERROR_FOR_DIVISION_BY_ZERO,TRADITIONAL,HIGH_NOT_PRECEDENCE,NO_ENGINE_SUBSTITUTION,' +
    'PAD_CHAR_TO_FULL_LENGTH,TIME_TRUNCATE_FRACTIONAL',
  thread_handling: 'no-threads,one-thread-per-connection,loaded-dynamically',
  tls_version: 'TLSv1.2,TLSv1.3',
  transaction_isolation: 'READ-UNCOMMITTED,READ-COMMITTED,REPEATABLE-READ,SERIALIZABLE',
  updatable_views_with_limit: 'NO,YES',
};
